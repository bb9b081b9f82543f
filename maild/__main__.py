"""The `maild` command, as `python -m maild` and as the script of that name."""

import gc


def main() -> None:
    """Load what the commands need, then run the one that was asked for. Always raises SystemExit.

    Loading makes half a million objects that stay: to look for garbage among them, while they are made and again and
    again later, is a seventh of the start of a process.
    """
    gc.disable()
    from maild import cli  # noqa: PLC0415 - this is the loading

    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
