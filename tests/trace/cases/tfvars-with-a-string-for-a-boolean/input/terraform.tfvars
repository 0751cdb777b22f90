root = "true"
