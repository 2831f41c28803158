"""What runs in the sandbox to time solutions: each module stands alone, on the standard library.

Their sources are put into the test file of a timing run (`kodgen.preference.bench_file`), where
nothing of kodgen can be imported.
"""
