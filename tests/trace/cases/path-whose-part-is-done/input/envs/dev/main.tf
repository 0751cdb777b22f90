module "notebook" {
  source = "../../modules/notebook"

  root_access = "Disabled"
}
