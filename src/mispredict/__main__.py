"""`python -m mispredict` is the command line."""

from mispredict.cli import main

if __name__ == "__main__":
    main()
