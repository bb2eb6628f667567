"""Labels of a workspace's data: errors, review, consensus, corrected metrics."""
