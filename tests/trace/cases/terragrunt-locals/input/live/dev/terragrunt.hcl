locals {
  root_access = "Enabled"
}

terraform {
  source = "../../modules/notebook"
}

inputs = {
  root_access = local.root_access
}
