account     = "111122223333"
root_access = "Enabled"
