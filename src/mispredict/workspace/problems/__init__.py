"""Problems of a workspace's models, from opening to fixed."""
