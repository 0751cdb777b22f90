root_access = null
