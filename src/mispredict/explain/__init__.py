"""Why: attributions, what-if, effects and counterfactuals of a model that can be asked."""
