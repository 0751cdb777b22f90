module "notebook" {
  source = "../../modules/notebook"

  root = true
}
