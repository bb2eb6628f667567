"""Work that takes longer than a request: kinds of jobs, their files, and who runs them."""
