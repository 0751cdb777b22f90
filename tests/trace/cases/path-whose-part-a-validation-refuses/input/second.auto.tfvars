second = "Enabled"
