notebook_root_access = "Enabled"
