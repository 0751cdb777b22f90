owner = "ads"
root  = true
