include "root" {
  path           = find_in_parent_folders()
  merge_strategy = "no_merge"
}

terraform {
  source = "../../modules//notebook"
}
