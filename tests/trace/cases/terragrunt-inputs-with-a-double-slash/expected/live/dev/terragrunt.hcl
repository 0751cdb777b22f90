terraform {
  source = "${get_terragrunt_dir()}/../../modules//notebook"
}

inputs = {
  root_access = "Disabled"
}
