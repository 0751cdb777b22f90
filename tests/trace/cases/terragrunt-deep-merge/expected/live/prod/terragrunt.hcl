include "root" {
  path           = find_in_parent_folders()
  merge_strategy = "deep"
}

terraform {
  source = "../../modules//notebook"
}

inputs = {
  access = { main = "Disabled" }
}
