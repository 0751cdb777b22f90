first = "Enabled"
