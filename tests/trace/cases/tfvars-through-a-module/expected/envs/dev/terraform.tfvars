notebook_root_access = "Disabled"
