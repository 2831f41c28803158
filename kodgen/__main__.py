"""`python -m kodgen`."""

from kodgen.cli import main

if __name__ == "__main__":
    main()
