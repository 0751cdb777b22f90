module "notebook" {
  source = "../../modules/notebook"

  root = false
}
