state = "Enabled"
