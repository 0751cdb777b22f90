variable "notebooks" {
  type = map(map(string))
}
