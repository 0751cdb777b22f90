# état
name        = "a"
root_access = "Enabled" # why
