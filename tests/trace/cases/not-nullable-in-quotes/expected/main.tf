module "nb" {
  source = "./m"
  ra     = null
}
