terraform {
  source = "../../modules/notebook"
}

dependency "settings" {
  config_path = "../settings"
}

inputs = {
  root_access = dependency.settings.outputs.root_access
}
