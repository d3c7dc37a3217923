"""Following the data: everything there is, then every change in its order, as each reader may see it."""
