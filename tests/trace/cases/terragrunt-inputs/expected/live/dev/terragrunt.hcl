terraform {
  source = "../../modules/notebook"
}

inputs = {
  root_access = "Disabled"
}
