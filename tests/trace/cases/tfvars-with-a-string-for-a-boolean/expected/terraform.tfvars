root = "false"
