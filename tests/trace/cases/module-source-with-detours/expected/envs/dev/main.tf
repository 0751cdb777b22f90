module "notebook" {
  source = "./../../modules/../modules/notebook/"

  root_access = "Disabled"
}
