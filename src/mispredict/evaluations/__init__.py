"""How an evaluation is made: the task, predictions set beside their rows, and what follows."""
