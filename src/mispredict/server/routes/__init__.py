"""The addresses of the server, by what they are about; each asks the SDK and no more."""
