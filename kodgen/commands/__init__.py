"""Commands, one module each; `kodgen.cli` puts them together."""
