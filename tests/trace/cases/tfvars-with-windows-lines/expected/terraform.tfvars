# état
name        = "a"
root_access = "Disabled" # why
