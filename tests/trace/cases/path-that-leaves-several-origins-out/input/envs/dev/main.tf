module "notebook" {
  source = "../../modules/notebook"

  enable_root = true
}
