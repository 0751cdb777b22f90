module "notebook" {
  source = "../../modules/notebook"
}
