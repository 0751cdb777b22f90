# café ÿ
locals {
  ra = "Enabled"
}
