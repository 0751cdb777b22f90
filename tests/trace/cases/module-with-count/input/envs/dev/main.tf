module "notebook" {
  source = "../../modules/notebook"
  count = 2

  root_access = "Enabled"
}
