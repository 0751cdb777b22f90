locals {
  root_access = "Disabled"
}

terraform {
  source = "../../modules/notebook"
}

inputs = {
  root_access = local.root_access
}
