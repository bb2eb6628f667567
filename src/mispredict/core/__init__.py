"""The words everything else is written in: predicates, schemas, results, errors. No I/O."""
