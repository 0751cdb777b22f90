module "nb" {
  source = "../../modules/nb"
}
