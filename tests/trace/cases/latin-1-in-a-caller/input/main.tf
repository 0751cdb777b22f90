# café ÿ
module "nb" {
  source      = "./nb"
  root_access = "Enabled" # é
}
