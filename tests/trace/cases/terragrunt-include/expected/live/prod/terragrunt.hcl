include {
  path = find_in_parent_folders()
}

terraform {
  source = "../../modules/notebook"
}

inputs = {
  root_access = "Disabled"
}
