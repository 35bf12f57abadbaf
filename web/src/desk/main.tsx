import { mount } from '../ui/mount'
import { Desk } from './Desk'

void mount('/desk', 'desk', Desk)
