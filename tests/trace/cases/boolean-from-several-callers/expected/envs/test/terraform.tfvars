root = false
