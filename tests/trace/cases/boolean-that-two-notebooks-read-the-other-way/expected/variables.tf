variable "x" {
  type    = bool
  default = true
}
