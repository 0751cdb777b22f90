include "root" {
  path = find_in_parent_folders()
}

terraform {
  source = "${get_repo_root()}/modules/notebook"
}

inputs = {
  enable_root = true
}
