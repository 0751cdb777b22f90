module "notebook" {
  source = "git::https://git.example.com/modules.git//notebook?ref=v1"

  root_access = "Disabled"
}
