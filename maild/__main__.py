"""`python -m maild` is the `maild` command."""

from maild.cli import main

if __name__ == "__main__":
    main()
