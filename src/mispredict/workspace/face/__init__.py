"""What people ask an evaluation, by topic: parts of the class `Evaluation`."""
