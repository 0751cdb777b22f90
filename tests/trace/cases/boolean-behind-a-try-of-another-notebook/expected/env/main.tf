module "notebooks" {
  source   = "../modules/notebooks"
  settings = {}
}
